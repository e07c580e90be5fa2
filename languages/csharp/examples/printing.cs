using System;

Console.WriteLine("debug");
return input_str;
