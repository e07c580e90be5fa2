(exit :code 0)
