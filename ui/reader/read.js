/* The reader as a page of its own. */

import { adopt, printed, readerIn } from "./reader.js";

const container = document.getElementById("reader");
await adopt(container, { own: true });
if (location.hash === "#print" && readerIn(container)) await printed(readerIn(container));
