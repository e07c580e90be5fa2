echo "«", stdin.readLine, "»"
