using System.Collections.Immutable;
using System.Text.Json;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Silo.Storage;

/// <summary>Regarding claims as a query hands them out: <c>[[source,table,id,mailbox,folder,position],…]</c>, by their ordinals.</summary>
internal static class RegardingJson
{
    public static ImmutableArray<RegardingClaim> Read(string? text)
    {
        if (text is null)
        {
            return [];
        }

        using var json = JsonDocument.Parse(text);
        return
        [
            .. json.RootElement.EnumerateArray().Select(claim => new RegardingClaim(
                (RegardingSource)claim[0].GetInt32(),
                new RecordReference(claim[1].GetString()!, claim[2].GetGuid()),
                EmailAddress.TryParse(claim[3].GetString(), out var mailbox) ? mailbox : null,
                claim[4].GetString(),
                claim[5].GetInt32())),
        ];
    }
}
