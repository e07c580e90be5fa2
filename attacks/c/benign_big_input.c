//: what     reads ten megabytes: benign
//: id       G-06
//: mode     function
//: input_bytes 10000000
//: expect   ok
//: output   10000000
char *answer = malloc(20);
sprintf(answer, "%zu", strlen(input_str));
return answer;
