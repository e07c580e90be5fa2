(System/exit 0)
