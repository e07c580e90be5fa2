with Ada.Text_IO; use Ada.Text_IO;

procedure Unicode is
begin
   Put_Line ("«" & Get_Line & "»");
end Unicode;
