using System.Globalization;
using EmailTracking.Bench.Mails;
using EmailTracking.Tracking.Mail;
using MimeKit;

namespace EmailTracking.Bench.Records;

/// <summary>Writes a file of contacts: first everybody who takes part in the mails, then people that nobody writes to.</summary>
internal static class RecordFileMaker
{
    /// <summary>Every so manieth contact has two addresses: 1,200,000 of a million.</summary>
    private const int SecondAddressEvery = 5;

    private const int Domains = 20_000;

    /// <returns>How many addresses there are.</returns>
    public static async Task<int> WriteAsync(string path, int records, MailSource mails)
    {
        var people = ParticipantsOf(mails).GetEnumerator();
        var addresses = 0;
        await using var file = new StreamWriter(path);
        await file.WriteLineAsync("logicalname,id,name,emailaddress1,emailaddress2,ownerid,createdon,parentcustomerid");
        for (var i = 0; i < records; i++)
        {
            var second = i % SecondAddressEvery == 0;
            await file.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"contact,{Id(i)},Person {i},{Next(i)},{(second ? Next(i + records) : "")},{Id(i % 1_000)},2020-01-05T08:00:00Z,account/{Id(i % 50_000)}"));
            addresses += second ? 2 : 1;
        }

        return addresses;

        string Next(int i) => people.MoveNext() ? people.Current : $"person{i}@customer{i % Domains}.example";
    }

    // As Dataverse's ids are: in no order that an index would like.
    private static Guid Id(int i) => unchecked(
        new Guid((int)(i * 0x9E3779B1u), 0x1234, 0x4321, 0x80, 0, 0, 0, (byte)(i >> 24), (byte)(i >> 16), (byte)(i >> 8), (byte)i));

    private static IEnumerable<string> ParticipantsOf(MailSource mails)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < mails.Count; i++)
        {
            using var stream = new MemoryStream(mails[i].Mail);
            var mail = MimeMessage.Load(stream);
            foreach (var one in mail.From.Concat(mail.To).Concat(mail.Cc).OfType<MailboxAddress>())
            {
                if (!one.Address.Contains('"') && EmailAddress.TryParse(one.Address, out var address) && seen.Add(address.Value))
                {
                    yield return address.Value;
                }
            }
        }
    }
}
