char *answer = malloc(strlen(input_str) + sizeof "«»");
sprintf(answer, "«%s»", input_str);
return answer;
