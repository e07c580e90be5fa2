return '«' + input_str + '»';
