/* The library room. */

export function start() {}

export async function show() {}
