using EmailTracking.Silo.Web;
using EmailTracking.Silo.Web.Door;
using Microsoft.AspNetCore.Http;

namespace EmailTracking.Silo.Pages;

/// <summary>The connections of pages that are open: of everybody, and of each person. A page takes memory here for as long as it is open.</summary>
internal sealed class OpenPages(WebOptions options)
{
    /// <summary>How many one person may have open.</summary>
    public const int PerPrincipalMax = 50;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _open = new(StringComparer.Ordinal);
    private int _all;

    /// <summary>Goes on with a request of a page; with one that stays, only while there is room for it.</summary>
    public async Task HoldAsync(HttpContext context, RequestDelegate next)
    {
        // What is posted is answered at once; what stays is asked for.
        if (HttpMethods.IsPost(context.Request.Method))
        {
            await next(context);
            return;
        }

        var principal = Visitor.Of(context).Principal.Id;
        if (!TryOpen(principal))
        {
            await Answers.Problem(
                StatusCodes.Status429TooManyRequests,
                "Too many pages",
                $"{PerPrincipalMax} pages of yours, or {options.PagesMax} in all (EmailTracking__Web__PagesMax), are open. Close some.").ExecuteAsync(context);
            return;
        }

        try
        {
            await next(context);
        }
        finally
        {
            Close(principal);
        }
    }

    private bool TryOpen(string principal)
    {
        lock (_lock)
        {
            var own = _open.GetValueOrDefault(principal);
            if (_all >= options.PagesMax || own >= PerPrincipalMax)
            {
                return false;
            }

            _open[principal] = own + 1;
            _all++;
            return true;
        }
    }

    private void Close(string principal)
    {
        lock (_lock)
        {
            _all--;
            if (--_open[principal] == 0)
            {
                _open.Remove(principal);
            }
        }
    }
}
