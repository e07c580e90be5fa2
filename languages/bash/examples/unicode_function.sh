echo "«$input_str»"
