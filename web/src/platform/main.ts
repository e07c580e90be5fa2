/// What the pages of the educational platform load as `assets/platform.js`. The pages are made by its server.

import "./platform.css";
