-- The number of subscribers on a day follows from all days before: a channel is computed as a whole.
select touched.channel_code
from touched
where touched.subject = 'newsletter_subscriber'
