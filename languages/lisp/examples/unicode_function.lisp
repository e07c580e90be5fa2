(format nil "«~a»" input_str)
