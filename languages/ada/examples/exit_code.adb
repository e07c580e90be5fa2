with Ada.Command_Line; use Ada.Command_Line;
with Ada.Text_IO;      use Ada.Text_IO;

procedure Exit_Code is
begin
   Put_Line ("before");
   Set_Exit_Status (3);
end Exit_Code;
