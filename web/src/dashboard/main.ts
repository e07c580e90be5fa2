/// The operator's dashboard: how the server is now, what happened in the last quarter of an hour or day, and what finished last.
///
/// It shows what `/stats` and the addresses below it say, and counts nothing by itself.

import { Dashboard } from "./dashboard.ts";

new Dashboard().start();
