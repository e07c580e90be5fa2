const number = 1;

if (number { }
