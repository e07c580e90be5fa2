with Ada.Text_IO;         use Ada.Text_IO;
with Ada.Integer_Text_IO; use Ada.Integer_Text_IO;

procedure Sum is
   Total : Integer := 0;
begin
   while not End_Of_File loop
      Total := Total + Integer'Value (Get_Line);
   end loop;
   Put (Total, Width => 0);
   New_Line;
end Sum;
