#: what     secrets, random, UUIDs, time zones: benign
#: id       G-21 G-22
#: expect   ok
#: output   True 2024-07-01T14:00:00+02:00
import datetime, random, secrets, uuid, zoneinfo

fresh = {secrets.token_hex(8), uuid.uuid4().hex, str(random.random())}
when = datetime.datetime(2024, 7, 1, 12, tzinfo=datetime.timezone.utc)
print(len(fresh) == 3, when.astimezone(zoneinfo.ZoneInfo("Europe/Berlin")).isoformat())
