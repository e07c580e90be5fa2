   task Worker is
      entry Fetch (Mark : out Character);
   end Worker;

   task body Worker is
   begin
      delay 0.01;
      accept Fetch (Mark : out Character) do
         Mark := '!';
      end Fetch;
   end Worker;

   Mark : Character;
begin
   Worker.Fetch (Mark);
   return Input_Str & Mark;
end;
