/* The reader: an original document, with quotes marked in it. */

export async function openReader(container, href) {}
