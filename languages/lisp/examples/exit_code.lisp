(write-line "before")
(exit :code 3)
