/* Whether a key belongs to an input method, which ends what is being composed with Enter and leaves it with Escape.
 * Safari says so of the last one by its code only. */
export const composing = (event) => event.isComposing || event.keyCode === 229;
