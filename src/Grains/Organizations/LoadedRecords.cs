using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Organizations;

/// <summary>Which addresses may stand for other records once a record is loaded.</summary>
public static class LoadedRecords
{
    /// <summary>The addresses that a load of one record concerns; none when it stands as it is to be loaded.</summary>
    /// <param name="loaded">The record, as it is to be loaded.</param>
    /// <param name="standing">The record, as it stands; null when there is none.</param>
    /// <param name="life">What became of it; null when there is none.</param>
    public static IEnumerable<EmailAddress> Concerned(CrmRecord loaded, CrmRecord? standing, RecordLife? life)
    {
        ArgumentNullException.ThrowIfNull(loaded);
        if (standing is null || life is null)
        {
            return loaded.Addresses;
        }

        // A merged record stays inactive, whatever is loaded.
        var (facts, before) = (loaded.Facts, standing.Facts);
        var stays = life.DeletedOn is null &&
            (facts.IsActive && !life.IsMerged, facts.OwnerId, facts.CreatedOn) == (before.IsActive, before.OwnerId, before.CreatedOn);
        return stays
            ? loaded.Addresses.Except(standing.Addresses).Concat(standing.Addresses.Except(loaded.Addresses))
            : loaded.Addresses.Union(standing.Addresses);
    }
}
