answer = '«' // input_str // '»'
