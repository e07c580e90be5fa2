#: what     the same text is right in Bash and in Python and sent as both: each must be run by its own interpreter
#: id       A-123
#: expect   ok
#: output   held
''''[ -e /code/solution.sh ] && echo held || echo "ESCAPED the interpreter of another language"
exit # '''
import os
print("held" if os.path.exists("/code/solution.py") else "ESCAPED the interpreter of another language")
