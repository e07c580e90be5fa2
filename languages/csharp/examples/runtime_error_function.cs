int[] numbers = { 1, 2, 3 };
int index = numbers.Length;
int number = numbers[index];
return number.ToString();
