gets stdin line
puts "«$line»"
