using System;

Environment.Exit(0);
return input_str;
