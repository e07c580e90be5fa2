numbers = [1, 2, 3];
index = numel(numbers) + 1;
disp(numbers(index));
