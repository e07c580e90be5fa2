solve := '«' + input_str + '»';
