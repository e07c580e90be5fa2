return "«" & Input_Str & "»";
