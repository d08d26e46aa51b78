/* The search room. */

export function start() {}

export async function show() {}
