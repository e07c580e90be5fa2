//: what     random numbers, UUIDs, hashes, time zones and languages: benign
//: id       G-21 G-22
//: expect   ok
//: output   3 9f86d081 2024-07-01T14:00+02:00[Europe/Berlin] 1.234,5
import java.security.*;
import java.time.*;
import java.util.*;

public class Main {
    public static void main(String[] args) throws Exception {
        var fresh = Set.of(new SecureRandom().nextLong(), UUID.randomUUID(), Math.random());
        var hash = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest("test".getBytes())).substring(0, 8);
        var when = Instant.parse("2024-07-01T12:00:00Z").atZone(ZoneId.of("Europe/Berlin"));
        System.out.println(fresh.size() + " " + hash + " " + when + " " + String.format(Locale.GERMANY, "%,.1f", 1234.5));
    }
}
