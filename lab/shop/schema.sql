-- The shop's tables. Applied at each start of the shop; nothing is lost by doing so again.
CREATE TABLE IF NOT EXISTS products (
  sku text PRIMARY KEY,
  cents integer NOT NULL CHECK (cents > 0)
);
CREATE TABLE IF NOT EXISTS stock (
  sku text PRIMARY KEY REFERENCES products,
  available bigint NOT NULL CHECK (available >= 0)
);
CREATE TABLE IF NOT EXISTS reservations (
  order_id text PRIMARY KEY,
  sku text NOT NULL,
  quantity integer NOT NULL
);
CREATE TABLE IF NOT EXISTS payments (
  order_id text PRIMARY KEY,
  cents integer NOT NULL,
  authorization_code text NOT NULL
);
CREATE TABLE IF NOT EXISTS orders (
  id text PRIMARY KEY,
  sku text NOT NULL,
  quantity integer NOT NULL,
  cents integer NOT NULL,
  authorization_code text NOT NULL,
  placed_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE IF NOT EXISTS shipments (
  order_id text PRIMARY KEY,
  shipped_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO products (sku, cents) VALUES
  ('teapot', 2400), ('cup', 790), ('saucer', 490), ('spoon', 290), ('tray', 2000)
  ON CONFLICT (sku) DO NOTHING;
INSERT INTO stock (sku, available)
  SELECT sku, 1000000 FROM products
  ON CONFLICT (sku) DO NOTHING;
