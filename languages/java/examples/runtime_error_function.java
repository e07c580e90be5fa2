int zero = 0;

return String.valueOf(1 / zero);
