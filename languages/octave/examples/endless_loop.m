counter = 0;
while true
  counter++;
end
