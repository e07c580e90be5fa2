int[] numbers = {1, 2, 3};

return String.valueOf(numbers[3]);
