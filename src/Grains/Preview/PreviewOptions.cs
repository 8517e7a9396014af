using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace EmailTracking.Preview;

/// <summary>Bounds of previews.</summary>
public sealed class PreviewOptions
{
    /// <summary>The largest file that is previewed, in bytes, after decompression. Default: 1,073,741,824 (1 GB).</summary>
    [Range(1_048_576L, 17_179_869_184L)]
    public long BytesMax { get; set; } = 1_073_741_824;

    /// <summary>How many mails of a file are looked at; those behind them are left out, and that is said. Default: 100,000.</summary>
    [Range(1, 1_000_000)]
    public int MailsMax { get; set; } = 100_000;

    /// <summary>How many previews may be open on one silo: each keeps its mails' headers in memory. Default: 4.</summary>
    [Range(1, 64)]
    public int SessionsMax { get; set; } = 4;

    /// <summary>How long a preview is kept that nobody asks anything. Default: 15 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan KeptFor { get; set; } = TimeSpan.FromMinutes(15);
}

/// <summary>Checks <see cref="PreviewOptions"/> when the silo starts.</summary>
[OptionsValidator]
public sealed partial class PreviewOptionsValidator : IValidateOptions<PreviewOptions>;
