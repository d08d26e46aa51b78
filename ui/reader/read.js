/* The reader as a page of its own. */

import * as menus from "./menus.js";
import { adopt, printed, readerIn } from "./reader.js";

menus.start();
const container = document.getElementById("reader");
await adopt(container, { own: true });
if (location.hash === "#print" && readerIn(container)) await printed(readerIn(container));
