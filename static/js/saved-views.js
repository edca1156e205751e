// @ts-check
/** The page of all views: their counts come after it. */

import { connectViewCounts } from "./lib/viewcounts.js";

connectViewCounts();
