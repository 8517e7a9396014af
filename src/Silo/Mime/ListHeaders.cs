namespace EmailTracking.Silo.Mime;

/// <summary>Reads by which list a mail came.</summary>
internal static class ListHeaders
{
    /// <summary>The longest list id or address that is kept, in characters.</summary>
    internal const int LengthMax = 320;

    private const int PostsMax = 10;

    /// <summary>The id inside the last brackets of List-Id (RFC 2919 section 3), else the whole value.</summary>
    internal static string? Id(string value)
    {
        var close = value.LastIndexOf('>');
        var open = close < 0 ? -1 : value.LastIndexOf('<', close);
        var id = (open < 0 ? value : value[(open + 1)..close]).Trim();
        return id.Length is > 0 and <= LengthMax ? id : null;
    }

    /// <summary>The mail addresses of List-Post (RFC 2369 section 3.4); <c>NO</c> and web addresses name none.</summary>
    internal static IEnumerable<string> Posts(string value)
    {
        foreach (var part in value.Split('<', PostsMax + 1).Skip(1))
        {
            var link = part.Split('>', 2)[0].Trim();
            if (link.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase))
            {
                var address = Uri.UnescapeDataString(link["mailto:".Length..].Split('?', 2)[0]).Trim();
                if (address.Length is > 0 and <= LengthMax)
                {
                    yield return address;
                }
            }
        }
    }
}
