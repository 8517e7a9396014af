using System.Text;
using CsCheck;
using EmailTracking.Silo.Mime;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tests.Unit.Mime;

public sealed class AnyBytesTests
{
    private const string Seed =
        "From: =?utf-8?Q?J=C3=B6rg?= <ana@contoso.com>\r\nTo: \"Berg, Bo\" <bo@fabrikam.com>, Team: cy@contoso.com;\r\n" +
        "Subject: =?koi8-r?B?8NLJ18XU?= =?utf-8?Q?Gr=C3=BC?=\r\n =?utf-8?Q?=C3=9Fe?=\r\nDate: Tue, 4 Mar 2025 10:11:12 +0100 (CET)\r\n" +
        "Message-ID: <1@contoso.com>\r\nIn-Reply-To: <0@fabrikam.com>\r\nReferences: <a@a.example>\r\n <b@b.example>\r\n" +
        "List-Post: <mailto:dev@lists.example>\r\nX-Priority: 1\r\nThread-Index: AQHZ\r\n" +
        "Content-Type: multipart/mixed; boundary=\"b\"; charset=big5\r\n\r\n" +
        "--b\r\nContent-Type: text/plain; charset=koi8-r\r\n\r\nHello\r\n--b\r\nContent-Type: multipart/related; boundary=c\r\n\r\n" +
        "--c\r\nContent-Type: image/png\r\nContent-Disposition: inline; filename*=utf-8''a.png\r\n\r\n...\r\n--c--\r\n--b--\r\n";

    // Bytes that mean something somewhere come more often than others.
    private static readonly Gen<byte> AnyByte = Gen.Frequency(
        (1, Gen.Byte),
        (3, Gen.OneOfConst([.. "\r\n\t\0 <>@,;:\"()\\=?-_.*'%\u001B\u00ED\u00A0\u00FF".Select(one => (byte)one)])));

    private static readonly Gen<byte[]> AnyMail = Gen.Frequency(
        (1, AnyByte.Array[0, 300]),
        (1, AnyByte.Array[0, 300].Select(bytes => (byte[])[.. "From: a@a.example\nSubject: "u8, .. bytes])),
        (4, Gen.Select(Gen.Int[0, Seed.Length - 1], Gen.Int[0, 12], AnyByte.Array[0, 8]).Array[1, 8].Select(Mutated)));

    [Fact]
    public void No_bytes_stop_reading_and_the_same_bytes_read_the_same()
    {
        AnyMail.Sample(
            bytes =>
            {
                var result = AMail.Mapper().Map(bytes);
                var again = AMail.Mapper().Map(bytes.ToArray());
                var streamed = AMail.Mapper().MapAsync(new MemoryStream(bytes)).AsTask().Result;
                return result is not MimeResult.Unmappable { Reason: UnmappableReason.Failed }
                    && AMail.Written(result) == AMail.Written(again)
                    && AMail.Written(result) == AMail.Written(streamed)
                    && IsStorable(result);
            },
            iter: 2_000);
    }

    private static byte[] Mutated((int At, int Removed, byte[] Added)[] edits)
    {
        var bytes = new List<byte>(Encoding.Latin1.GetBytes(Seed));
        foreach (var (at, removed, added) in edits)
        {
            var start = Math.Min(at, bytes.Count);
            bytes.RemoveRange(start, Math.Min(removed, bytes.Count - start));
            bytes.InsertRange(start, added);
        }

        return [.. bytes];
    }

    private static bool IsStorable(MimeResult result)
    {
        if (result is not MimeResult.Mapped mapped)
        {
            return true;
        }

        // The strict encoder refuses lone surrogates.
        var text = AMail.Written(result);
        _ = new UTF8Encoding(false, throwOnInvalidBytes: true).GetByteCount(text);
        _ = FactsOfMail.Read(mapped.Headers);
        return !text.Contains('\0') && !mapped.Headers.Subject.Any(char.IsControl)
            && mapped.Headers.Participants.All(one => !one.Name.Any(char.IsControl) && one.Name.Length <= 160);
    }
}
