// @ts-check
/** The page on which columns are chosen. */

import { connectColumns } from "./lib/columns.js";

connectColumns();
