using System.Globalization;
using EmailTracking.Silo.Mime;

namespace EmailTracking.Tests.Unit.Mime;

public sealed class DateTests
{
    [Theory]
    //          Date                                                    -> UTC
    [InlineData("Tue, 4 Mar 2025 10:11:12 +0100", "2025-03-04T09:11:12Z")]
    [InlineData("4 Mar 2025 10:11 -0000", "2025-03-04T10:11:00Z")]
    [InlineData("Tue, 4 Mar 2025 10:11:12 +0100 (CET)", "2025-03-04T09:11:12Z")]
    [InlineData("Tue, 4\r\n Mar 2025 10:11:12 +0100", "2025-03-04T09:11:12Z")]
    [InlineData("Tue, 4 Mar 2025 10:11:12 EST", "2025-03-04T15:11:12Z")]        // RFC 5322 section 4.3: obsolete zones.
    [InlineData("Tue, 4 Mar 2025 10:11:12 PDT", "2025-03-04T17:11:12Z")]
    [InlineData("Tue, 4 Mar 2025 10:11:12 UT", "2025-03-04T10:11:12Z")]
    [InlineData("Tue, 4 Mar 2025 10:11:12 Z", "2025-03-04T10:11:12Z")]
    [InlineData("Tue, 4 Mar 2025 10:11:12 MESZ", "2025-03-04T10:11:12Z")]       // An unknown zone counts as -0000.
    [InlineData("Tue, 4 Mar 25 10:11:12 GMT", "2025-03-04T10:11:12Z")]
    [InlineData("Thu, 4 Mar 99 10:11:12 GMT", "1999-03-04T10:11:12Z")]
    [InlineData("Thu, 1 Jan 1970 00:00:00 +0000", "1970-01-01T00:00:00Z")]
    [InlineData("Thu, 31 Dec 2037 23:59:59 -1200", "2038-01-01T11:59:59Z")]
    public void A_date_is_read(string value, string expected)
    {
        var mapped = AMail.Mapped(AMail.With("Date: " + value));

        Assert.Equal(DateTimeOffset.Parse(expected, CultureInfo.InvariantCulture), mapped.Headers.Date);
        Assert.Equal(TimeSpan.Zero, mapped.Headers.Date?.Offset);
        Assert.Empty(mapped.Warnings);
    }

    [Theory]
    [InlineData("yesterday")]
    [InlineData("Tue, 32 Mar 2025 10:11:12 +0100")]
    [InlineData("Tue, 4 Mar 0225 10:11:12 +0100")]
    [InlineData("Tue, 4 Mar 9999 10:11:12 +0100")]
    [InlineData("Fri, 31 Dec 9999 23:59:59 -1200")]
    [InlineData("Thu, 1 Jan 1970 00:00:00 +0100")]                              // Still 1969 in UTC.
    [InlineData("(((((((")]
    [InlineData("\u00FF\u00FE")]
    public void What_cannot_be_a_date_is_none(string value)
    {
        var mapped = AMail.Mapped(AMail.With("Date: " + value));

        Assert.Null(mapped.Headers.Date);
        Assert.Equal([MimeWarning.DateUnreadable], mapped.Warnings.ToArray());
    }

    [Theory]
    [InlineData]
    [InlineData("Date:")]
    public void No_date_is_none_without_a_warning(params string[] lines)
    {
        var mapped = AMail.Mapped(AMail.With(lines));

        Assert.Null(mapped.Headers.Date);
        Assert.Empty(mapped.Warnings);
    }
}
