using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;

namespace EmailTracking.Silo.Web;

/// <summary>How many requests are let through: of an address before anybody is asked who it is, and of a person or key after.</summary>
internal sealed class RequestRates(WebOptions options) : IDisposable
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly PartitionedRateLimiter<string> _addresses = Limiter(options.AddressRequestsPerMinute);
    private readonly PartitionedRateLimiter<string> _principals = Limiter(options.RequestsPerMinute);

    public ValueTask<bool> TakeAddressAsync(HttpContext context) =>
        TakeAsync(_addresses, context, context.Connection.RemoteIpAddress?.ToString() ?? "");

    public ValueTask<bool> TakePrincipalAsync(HttpContext context, string principal) => TakeAsync(_principals, context, principal);

    /// <summary>Takes one for what a person does on a page.</summary>
    /// <returns>Whether there was one.</returns>
    public bool TryTakePrincipal(string principal)
    {
        using var lease = _principals.AttemptAcquire(principal);
        return lease.IsAcquired;
    }

    public void Dispose()
    {
        _addresses.Dispose();
        _principals.Dispose();
    }

    private static async ValueTask<bool> TakeAsync(PartitionedRateLimiter<string> limiter, HttpContext context, string key)
    {
        using var lease = await limiter.AcquireAsync(key, 1, context.RequestAborted);
        if (lease.IsAcquired)
        {
            return true;
        }

        var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var said) ? said : TimeSpan.FromSeconds(1);
        context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        context.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return false;
    }

    // A bucket that fills all the time: a short burst is let through, and no minute has more than twice as many.
    private static PartitionedRateLimiter<string> Limiter(int perMinute) => PartitionedRateLimiter.Create<string, string>(key =>
        RateLimitPartition.GetTokenBucketLimiter(key, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = perMinute,
            TokensPerPeriod = Math.Max(1, perMinute / 60),
            ReplenishmentPeriod = Window / 60 * (perMinute < 60 ? 60.0 / perMinute : 1),
            QueueLimit = 0,
        }));
}
