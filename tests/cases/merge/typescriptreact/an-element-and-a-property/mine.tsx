import { Badge } from "./badge.tsx";

export function Greeting({ name }: { name: string }) {
  const text = "Hello " + name;
  return (
    <p className="greeting warm">
      <b>{text}</b>
    </p>
  );
}

export function Farewell() {
  return <p>Bye</p>;
}
