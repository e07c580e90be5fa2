with Ada.Text_IO; use Ada.Text_IO;

begin
   Put_Line ("debug");
   return Input_Str;
end;
