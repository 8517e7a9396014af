using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace EmailTracking.Silo.Mime;

/// <summary>How much of one mail is read. What lies beyond a bound is left out and named by a <see cref="MimeWarning"/>.</summary>
public sealed class MimeOptions
{
    /// <summary>
    /// The longest header value that is read, in bytes. Of longer In-Reply-To and References headers the first and the last half
    /// of this many bytes are kept, cut at whole ids; of others the beginning. Default: 1,048,576 (1 MB).
    /// </summary>
    [Range(131_072, 16_777_216)]
    public int HeaderBytesMax { get; init; } = 1_048_576;

    /// <summary>The longest header block that is read, in bytes, all headers together. Default: 8,388,608 (8 MB).</summary>
    [Range(262_144, 67_108_864)]
    public int HeaderBlockBytesMax { get; init; } = 8_388_608;

    /// <summary>How many header fields of one mail are looked at. Default: 10,000.</summary>
    [Range(100, 1_000_000)]
    public int HeadersMax { get; init; } = 10_000;

    /// <summary>
    /// How far into a mail its parts are counted, in bytes: the largest message that Exchange Online takes.
    /// Default: 157,286,400 (150 MB).
    /// </summary>
    [Range(1_048_576, 1_073_741_824)]
    public int MessageBytesMax { get; init; } = 157_286_400;

    /// <summary>How many multiparts may lie in each other; deeper ones are not opened. Default: 100.</summary>
    [Range(10, 1_000)]
    public int MimeDepthMax { get; init; } = 100;

    /// <summary>How many parts of one mail are counted before counting stops. Default: 1,000.</summary>
    [Range(10, 100_000)]
    public int PartsMax { get; init; } = 1_000;

    /// <summary>How many participants of one mail are kept, in header order. Default: 10,000.</summary>
    [Range(100, 10_000)]
    public int ParticipantsMax { get; init; } = 10_000;
}

/// <summary>Checks <see cref="MimeOptions"/> when the silo starts.</summary>
[OptionsValidator]
public sealed partial class MimeOptionsValidator : IValidateOptions<MimeOptions>;
