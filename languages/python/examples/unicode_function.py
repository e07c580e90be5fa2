return '«' + input_str + '»'
