import { Badge } from "./badge.tsx";

export function Greeting({ name }: { name: string }) {
  const text = "Hello " + name;
  return (
    <p className="greeting">
      <b>{text}</b>
    </p>
  );
}
