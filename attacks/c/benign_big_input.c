//: what     reads ten megabytes: benign
//: mode     function
//: input_bytes 10000000
//: expect   ok
//: output   10000000
char *answer = malloc(20);
sprintf(answer, "%zu", strlen(input_str));
return answer;
