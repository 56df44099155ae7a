/** What is counted in one queue's minute. Public as a whole, so that Flink writes it field by field. */
public final class Tally {
  private static final long IN_TIME_MS = 30_000;

  public long contacts;
  public long answered;
  public long inTime;
  public long waitsMs;

  Tally add(Contact contact) {
    contacts++;
    if (contact.answeredAt > 0) {
      long waitMs = contact.answeredAt - contact.offeredAt;
      answered++;
      if (waitMs <= IN_TIME_MS) {
        inTime++;
      }
      waitsMs += waitMs;
    } else {
      waitsMs += contact.abandonedAt - contact.offeredAt;
    }
    return this;
  }

  @Override
  public String toString() {
    return contacts + " " + answered + " " + inTime + " " + waitsMs;
  }
}
