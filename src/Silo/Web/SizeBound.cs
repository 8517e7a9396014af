using Microsoft.AspNetCore.Http.Metadata;

namespace EmailTracking.Silo.Web;

/// <summary>The largest request of one endpoint.</summary>
/// <param name="bytesMax">In bytes; null: the endpoint has a bound of its own, and says what to do.</param>
internal sealed class SizeBound(long? bytesMax) : IRequestSizeLimitMetadata
{
    /// <summary>The endpoint has a bound of its own.</summary>
    public static SizeBound Own { get; } = new(null);

    /// <inheritdoc/>
    public long? MaxRequestBodySize => bytesMax;
}
