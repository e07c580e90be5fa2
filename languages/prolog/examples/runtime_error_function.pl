string_length(Input_str, Length),
Zero is Length - Length,
Answer is Length / Zero.
