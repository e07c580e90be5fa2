int number = atoi(input_str);
char *answer = malloc(20);
sprintf(answer, "%d", number * number);
return answer;
